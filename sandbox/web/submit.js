// The form that carries a payer back to the merchant goes by itself; its button is for browsers without scripts.
document.querySelector('form[data-submit]')?.submit()
